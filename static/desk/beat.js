/* A Worker that says when it is time to ask: a page in the background has its own timers held back. */
const EVERY = 8000;

setInterval(() => postMessage("beat"), EVERY);
