package dev.halcyon.model;

/** The two families of servers. */
public enum Engine {
  MYSQL("MySQL"),
  MARIADB("MariaDB");

  private final String label;

  Engine(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
