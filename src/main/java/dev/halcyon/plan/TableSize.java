package dev.halcyon.plan;

/** How big a table is, by the server's estimate; {@code bytes} counts its indexes too. */
public record TableSize(long rows, long bytes) {}
