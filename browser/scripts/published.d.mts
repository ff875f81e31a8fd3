export function fetchPublished(): void;
export function publishedClient(): { install: string; worker: string };
