"""What the benchmarks of the edge have in common: servers as processes, and their clients."""
