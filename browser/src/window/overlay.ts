/** The developers' overlay; a file of its own that only those who ask for it load. */
export { showOverlay } from '../overlay/index.js';
