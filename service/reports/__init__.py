"""Reports: what was sold, what came of holds, which pages were looked at."""
