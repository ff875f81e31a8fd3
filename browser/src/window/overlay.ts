/** The developer overlay; a separate file, loaded only when enabled. */
export { showOverlay } from '../overlay/index.js';
