package dev.halcyon.testing;

/** A database account that a test made; it is dropped with the test's schema. */
public record Account(String user, String password) {}
