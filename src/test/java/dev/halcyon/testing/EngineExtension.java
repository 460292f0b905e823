package dev.halcyon.testing;

import dev.halcyon.model.Engine;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs an {@link EngineTest} once on each engine, and with each constant of an enum it takes. */
final class EngineExtension implements TestTemplateInvocationContextProvider {

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    var annotation = context.getRequiredTestMethod().getAnnotation(EngineTest.class);
    var engines = annotation == null ? Engine.values() : annotation.value();
    var alone = annotation != null && annotation.alone();
    var choices = choices(context.getRequiredTestMethod());
    return Stream.of(engines)
        .flatMap(engine -> choices.stream().map(one -> new OnEngine(engine, alone, one)));
  }

  /** The constants of the enum that the test takes beside the engine; else one that is none. */
  private static List<Optional<Object>> choices(Method test) {
    return Stream.of(test.getParameterTypes())
        .filter(type -> type.isEnum() && type != Engine.class)
        .findFirst()
        .map(type -> Stream.<Object>of(type.getEnumConstants()).map(Optional::of).toList())
        .orElse(List.of(Optional.empty()));
  }

  private record OnEngine(Engine engine, boolean alone, Optional<Object> choice)
      implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int index) {
      return engine.label() + choice.map(one -> ", " + one).orElse("");
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new OneRun(engine, alone, choice));
    }
  }

  /** The state of one test method on one engine. */
  private static final class OneRun
      implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private final Engine engine;
    private final Set<Engine> taken;
    private final Optional<Object> choice;
    private @Nullable LeakCheck leaks;
    private @Nullable Database database;

    OneRun(Engine engine, boolean alone, Optional<Object> choice) {
      this.engine = engine;
      this.choice = choice;
      this.taken = alone ? EnumSet.allOf(Engine.class) : EnumSet.of(engine);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
      Turns.begin(taken, context.getRequiredTestMethod().getName());
      leaks = LeakCheck.before(Servers.shared(engine));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      var type = parameter.getParameter().getType();
      return type == Database.class
          || type == Engine.class
          || choice.filter(type::isInstance).isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      var type = parameter.getParameter().getType();
      if (type == Engine.class) {
        return engine;
      }
      if (choice.filter(type::isInstance).isPresent()) {
        return choice.get();
      }
      if (database == null) {
        database = Database.fresh(Servers.shared(engine));
      }
      return database;
    }

    @Override
    public void afterEach(ExtensionContext context) {
      try (var check = leaks) {
        if (database != null) {
          database.close();
        }
        if (check != null) {
          check.assertNothingLeft();
        }
      } finally {
        Turns.end(taken);
      }
    }
  }
}
