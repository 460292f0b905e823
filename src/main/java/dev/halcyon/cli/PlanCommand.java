package dev.halcyon.cli;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Phase;
import dev.halcyon.mysql.TableSizes;
import dev.halcyon.plan.Plan;
import dev.halcyon.plan.PlanSql;
import dev.halcyon.plan.PlanText;
import dev.halcyon.plan.StepSummary;
import dev.halcyon.plan.TableSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code halcyon plan}. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what a change would do: each step with its SQL, its lock and how it is undone.",
      "Nothing is changed but a scratch schema, which is gone afterwards."
    })
final class PlanCommand implements Action {
  private static final String STANDARD_OUTPUT = "-";

  @Mixin private VersionsArgument argument = new VersionsArgument();

  @Option(
      names = "--out-of-order",
      description = "Allow a change that is older than one already applied.")
  private boolean outOfOrder;

  @Option(
      names = "--sql",
      paramLabel = "<file>",
      description = "Write an SQL script for review; - for standard output.")
  private @Nullable String script;

  @Override
  public Answer act(Invocation invocation) {
    return Workplace.use(
        invocation,
        workplace -> {
          List<Plan> plans = workplace.deployment().plan(argument.versions(), outOfOrder);
          Map<String, TableSize> sizes;
          try (var session = workplace.server().open("plan")) {
            sizes = TableSizes.read(session);
          }
          return answer(plans, sizes, workplace.server().statementsSent(), invocation.folder());
        });
  }

  private Answer answer(
      List<Plan> plans, Map<String, TableSize> sizes, long roundTrips, Path folder) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("plans", plans.stream().map(plan -> fields(plan, sizes)).toList());
    fields.put("roundTrips", roundTrips);
    String target = script;
    if (target == null) {
      return Answer.done(joined(plans.stream().map(plan -> PlanText.of(plan, sizes))), fields);
    }
    String sql = joined(plans.stream().map(plan -> PlanSql.of(plan, sizes)));
    if (target.equals(STANDARD_OUTPUT)) {
      fields.put("sql", sql);
      return Answer.done(sql, fields);
    }
    Path file = folder.resolve(target).toAbsolutePath();
    write(file, sql);
    fields.put("file", file.toString());
    return Answer.done("wrote " + file + "\n", fields);
  }

  private static String joined(Stream<String> texts) {
    String joined = texts.collect(Collectors.joining("\n"));
    return joined.isEmpty() ? "nothing pending\n" : joined;
  }

  private static Map<String, Object> fields(Plan plan, Map<String, TableSize> sizes) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("version", plan.version().text());
    fields.put("description", plan.description());
    fields.put("checksum", plan.fileChecksum());
    fields.put("notes", plan.notes());
    var steps = StepSummary.of(plan, sizes);
    for (Phase phase : Phase.values()) {
      fields.put(
          phase.label(),
          steps.stream().filter(step -> step.phase() == phase).map(PlanCommand::fields).toList());
    }
    return fields;
  }

  private static Map<String, Object> fields(StepSummary step) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("id", step.id());
    fields.put("title", step.title());
    fields.put("kind", step.kind());
    fields.put("sql", step.statements());
    fields.put("algorithm", step.algorithm());
    fields.put("lock", step.lock());
    fields.put("time", step.time());
    fields.put("rows", step.rows());
    fields.put("undo", step.undo());
    return fields;
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failure) {
      throw ErrorCode.SETTINGS_INVALID.refuse(
          "--sql: " + file + " cannot be written: " + failure.getMessage(), "");
    }
  }
}
