package dev.halcyon.lint;

import dev.halcyon.model.Place;
import dev.halcyon.sql.Statement;

/** An UPDATE or DELETE of all rows, or one that cannot be cut into chunks. */
record UnboundedWrite() implements Rule {
  @Override
  public String id() {
    return "H301";
  }

  @Override
  public String title() {
    return "UPDATE or DELETE of all rows at once";
  }

  @Override
  public void statement(StatementLook look) {
    if (look.statement() instanceof Statement.Update update && update.where() == null) {
      chunked(look, update.place(), "UPDATE", update.table());
    } else if (look.statement() instanceof Statement.Delete delete && delete.where() == null) {
      chunked(look, delete.place(), "DELETE", delete.table());
    } else if (look.statement() instanceof Statement.Other other
        && (other.what().startsWith("UPDATE ") || other.what().startsWith("DELETE "))) {
      look.error(
          this,
          other.place(),
          other.what()
              + " cannot be cut into chunks: in one transaction it locks all its rows at once, and"
              + " replicas stand still for as long as it took.",
          "Write it for one table, with conditions only: UPDATE t SET … WHERE … .");
    }
  }

  private void chunked(StatementLook look, Place place, String verb, String table) {
    look.information(
        this,
        place,
        "This "
            + verb
            + " is for every row of "
            + table
            + ". Halcyon works through them in chunks by the primary key, each in a transaction of"
            + " its own.",
        "");
  }

  @Override
  public void query(QueryLook look) {
    boolean writes =
        look.tokens().getFirst().isWord("UPDATE") || look.tokens().getFirst().isWord("DELETE");
    boolean bounded =
        look.tokens().stream()
            .anyMatch(t -> t.isWord("WHERE") || t.isWord("LIMIT") || t.isWord("JOIN"));
    if (writes && !bounded) {
      look.warning(
          this,
          look.begin(),
          "It writes every row in one transaction: all of them stay locked until its end, and"
              + " replicas stand still for as long as it took.",
          "Work in chunks by the primary key.");
    }
  }
}
