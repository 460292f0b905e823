package dev.halcyon.embedded;

/** The machine lacks a shared library that the server needs, and it could not be fetched. */
public final class MissingLibraryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MissingLibraryException(String message) {
    super(message);
  }
}
