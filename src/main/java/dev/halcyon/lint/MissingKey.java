package dev.halcyon.lint;

import dev.halcyon.model.Place;
import dev.halcyon.sql.Statement;

/** A table whose rows cannot be told apart. */
record MissingKey() implements Rule {
  @Override
  public String id() {
    return "H206";
  }

  @Override
  public String title() {
    return "A table without a primary key";
  }

  @Override
  public void statement(StatementLook look) {
    switch (look.statement()) {
      case Statement.CreateTable create -> {
        KnownTable table = Definitions.table(create);
        if (table.whole() && !table.hasKey()) {
          look.warning(
              this,
              create.place(),
              create.table()
                  + " has no primary key and no unique key without NULLs: replicas look for each"
                  + " changed row through the whole table, and nothing can be done to it in chunks.",
              "id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY");
        }
      }
      case Statement.Update update -> written(look, update.place(), update.table());
      case Statement.Delete delete -> written(look, delete.place(), delete.table());
      case Statement.AlterTable _,
          Statement.DropTable _,
          Statement.RenameTable _,
          Statement.CreateView _,
          Statement.DropView _,
          Statement.CreateTrigger _,
          Statement.DropTrigger _,
          Statement.CreateRoutine _,
          Statement.DropRoutine _,
          Statement.Insert _,
          Statement.Other _ -> {}
    }
  }

  private void written(StatementLook look, Place place, String name) {
    boolean without = look.schema().whole(name).filter(t -> !t.hasKey()).isPresent();
    if (without) {
      look.error(
          this,
          place,
          name + " has no primary key, so its rows cannot be worked through in chunks.",
          "Add a primary key in a change before this one.");
    }
  }
}
