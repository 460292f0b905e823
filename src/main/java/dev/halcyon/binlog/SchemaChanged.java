package dev.halcyon.binlog;

/** Somebody else has changed a watched table, or may have. */
final class SchemaChanged extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SchemaChanged(String reason) {
    super(reason);
  }
}
