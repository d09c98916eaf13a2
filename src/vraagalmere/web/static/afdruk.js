// The print button of the hand-out; without JavaScript the page prints as it is.
const row = document.getElementById("drukknop");
row.hidden = false;
row.querySelector("button").addEventListener("click", () => window.print());
