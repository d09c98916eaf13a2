"""Open the chat with the defaults: `python app.py`."""

from vraagalmere.web.server import serve

if __name__ == "__main__":
    serve()
