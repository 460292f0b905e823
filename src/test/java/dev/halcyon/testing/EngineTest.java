package dev.halcyon.testing;

import dev.halcyon.model.Engine;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A test that runs once on each engine. It may take a {@link Database} (a fresh schema on the
 * shared server, dropped afterwards) and the {@link Engine}; whatever it leaves behind fails it.
 * One that takes another enum runs with each of its constants. Beside it another runs on the other
 * engine, never one on the same.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(EngineExtension.class)
public @interface EngineTest {

  /** The engines to run on. */
  Engine[] value() default {Engine.MARIADB, Engine.MYSQL};

  /** Whether it measures what all tests of the JVM share, so that no other may run beside it. */
  boolean alone() default false;
}
