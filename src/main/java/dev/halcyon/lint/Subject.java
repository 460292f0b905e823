package dev.halcyon.lint;

import dev.halcyon.sql.ParsedFolder;
import java.util.function.Predicate;

/**
 * What is to be looked at, and what is known beforehand.
 *
 * @param before the schema before the first change, or before the first chosen one
 * @param given whether {@code before} holds all that the changes not chosen do
 * @param accepted what the server has said of the chosen files
 * @param chosen by the file's path, whether findings in it are wanted
 */
public record Subject(
    ParsedFolder folder,
    KnownSchema before,
    boolean given,
    Accepted accepted,
    Predicate<String> chosen,
    Target target,
    Levels levels,
    History history) {}
