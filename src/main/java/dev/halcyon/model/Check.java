package dev.halcyon.model;

/** A table-level CHECK constraint. */
public record Check(String name, String clause, boolean enforced) {}
