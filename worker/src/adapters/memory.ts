/** The cache in memory, for platforms without one. */
export { MemoryStore } from '../cache/memory.ts';
