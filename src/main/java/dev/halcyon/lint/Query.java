package dev.halcyon.lint;

import dev.halcyon.model.Place;

/**
 * A query of the application.
 *
 * @param place where its text begins
 * @param text literals may be question marks
 */
public record Query(Place place, String text) {}
