"""How well `prefetchrouter learn` predicts, and how fast it reads: measured on real logs."""
