package dev.halcyon.lint;

import dev.halcyon.model.Place;
import dev.halcyon.sql.Token;
import java.util.List;
import java.util.Optional;

/** REPLACE INTO: it deletes the row and writes a new one, without the columns it does not know. */
record ReplaceInto() implements Rule {
  private static final String REMEDY = "INSERT … ON DUPLICATE KEY UPDATE a = VALUES(a)";

  @Override
  public String id() {
    return "H504";
  }

  @Override
  public String title() {
    return "REPLACE INTO";
  }

  @Override
  public void statement(StatementLook look) {
    if (replaces(look.tokens())) {
      look.warning(this, look.statement().place(), message(), REMEDY);
    }
  }

  @Override
  public void query(QueryLook look) {
    if (!replaces(look.tokens())) {
      return;
    }
    Optional<Pending.Reshaped> reshaped = look.reshaped();
    Place place = look.begin();
    if (reshaped.isPresent()) {
      look.error(
          this,
          place,
          "With "
              + reshaped.get().by()
              + " there is a version that writes other columns of "
              + reshaped.get().table()
              + ". "
              + message(),
          REMEDY);
    } else {
      look.warning(this, place, message(), REMEDY);
    }
  }

  private static boolean replaces(List<Token> tokens) {
    return tokens.getFirst().isWord("REPLACE");
  }

  private static String message() {
    return "REPLACE deletes the row that is there, with its children where a foreign key says so,"
        + " and what the other version has written into columns that this statement does not know"
        + " is lost.";
  }
}
