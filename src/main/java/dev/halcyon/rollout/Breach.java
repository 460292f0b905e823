package dev.halcyon.rollout;

import dev.halcyon.model.ErrorCode;

/**
 * Why a release goes back.
 *
 * @param words what was seen
 */
record Breach(ErrorCode code, String words) {}
