package dev.halcyon.journal;

import dev.halcyon.model.Version;
import org.jspecify.annotations.Nullable;

/**
 * A change that another tool applied.
 *
 * @param checksum of the file in the folder, in our own measure; null when there is no such file
 * @param source the other tool's table: {@code flyway_schema_history}
 */
public record BaselineRecord(
    Version version, String description, @Nullable String checksum, String source) {}
