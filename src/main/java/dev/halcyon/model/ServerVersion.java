package dev.halcyon.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The three numbers of {@code VERSION()}. */
public record ServerVersion(int major, int minor, int patch) implements Comparable<ServerVersion> {
  private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)");

  public static ServerVersion parse(String text) {
    Matcher m = NUMBERS.matcher(text);
    if (!m.find()) {
      throw new IllegalArgumentException("not a server version: " + text);
    }
    return new ServerVersion(
        Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3)));
  }

  public boolean atLeast(int wantedMajor, int wantedMinor, int wantedPatch) {
    return compareTo(new ServerVersion(wantedMajor, wantedMinor, wantedPatch)) >= 0;
  }

  @Override
  public int compareTo(ServerVersion other) {
    int order = Integer.compare(major, other.major);
    order = order != 0 ? order : Integer.compare(minor, other.minor);
    return order != 0 ? order : Integer.compare(patch, other.patch);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
