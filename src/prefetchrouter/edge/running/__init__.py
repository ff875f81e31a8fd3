"""`prefetchrouter serve` put together: settings, own files, loading and reloading of the rules."""
