"""The chat, the plain pages and the API: the doors in a browser."""
