package dev.halcyon.plan;

import dev.halcyon.model.ServerFacts;
import dev.halcyon.model.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Puts into the steps of a draft what the rehearsal found. */
final class Casting {
  private final Map<String, Rehearsed> rehearsed;
  private final ServerFacts facts;
  private final Limits limits;

  Casting(List<Rehearsed> rehearsed, ServerFacts facts, Limits limits) {
    this.rehearsed =
        rehearsed.stream()
            .collect(Collectors.toMap(r -> key(r.id(), r.part()), Function.identity()));
    this.facts = facts;
    this.limits = limits;
  }

  List<Step> cast(List<Step> steps) {
    return steps.stream().map(step -> cast(step)).toList();
  }

  private Step cast(Step step) {
    return switch (step) {
      case Step.Ddl ddl -> cast(ddl);
      case Step.Locked locked -> cast(locked);
      case Step.Rebuild rebuild -> rebuild;
      case Step.Backfill backfill -> backfill;
      case Step.Data data -> data;
      case Step.Verify verify -> verify;
      case Step.Gate gate -> gate;
    };
  }

  private Step cast(Step.Ddl ddl) {
    Rehearsed said = said(ddl.id(), 0);
    long rows = facts.table(ddl.table()).map(TableSchema::rows).orElse(0L);
    if (said.algorithm().blocksWriters() && rows > limits.copyRows()) {
      return new Step.Rebuild(
          ddl.id(), ddl.title(), ddl.table(), ddl.sql(), said.algorithm(), said.delta(), rows);
    }
    String clause = said.algorithm().clause();
    String sql = clause.isEmpty() ? ddl.sql() : ddl.sql() + ", " + clause;
    return new Step.Ddl(
        ddl.id(), ddl.title(), ddl.table(), sql, said.algorithm(), ddl.conditions(), said.delta());
  }

  private Step.Locked cast(Step.Locked locked) {
    var parts = new ArrayList<Step.Locked.Part>();
    for (int i = 0; i < locked.parts().size(); i++) {
      Step.Locked.Part part = locked.parts().get(i);
      Rehearsed said = said(locked.id(), i);
      parts.add(new Step.Locked.Part(part.sql(), said.delta()));
    }
    return new Step.Locked(locked.id(), locked.title(), locked.tables(), parts);
  }

  private Rehearsed said(String id, int part) {
    Rehearsed found = rehearsed.get(key(id, part));
    if (found == null) {
      throw new IllegalArgumentException("step " + id + " was not rehearsed");
    }
    return found;
  }

  private static String key(String id, int part) {
    return id + "/" + part;
  }
}
