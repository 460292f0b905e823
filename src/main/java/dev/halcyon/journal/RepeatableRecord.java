package dev.halcyon.journal;

import java.time.Instant;

/** A repeatable file as it was applied last. */
public record RepeatableRecord(String name, String checksum, Instant appliedAt) {}
