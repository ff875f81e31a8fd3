/** What loads and compiles a manifest; a separate file, for where the rules are not in front of the install script. */
export { loadManifest } from '../links/loadManifest.js';
