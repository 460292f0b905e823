package dev.halcyon.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one thread that moves all bytes, with Linux's epoll where that is, else with what the JDK
 * has. More threads forward no faster: the kernel is the limit.
 */
final class ProxyLoop implements AutoCloseable {
  private static final int READ_BYTES = 65_536;
  private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(65_536, 262_144);

  /**
   * One arena for the one thread. Netty's own choice of allocator takes memory from the system for
   * each read of this length and gives it back, which costs more than all the rest.
   */
  private static final ByteBufAllocator MEMORY =
      new PooledByteBufAllocator(true, 0, 1, 8192, 6, 0, 0, false);

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final EventLoopGroup group;

  /** All connections; what is added after the end is closed at once. */
  private final ChannelGroup open;

  private final ExecutorService workers =
      Executors.newFixedThreadPool(2, new DefaultThreadFactory("halcyon-proxy-worker", true));

  private final Class<? extends ServerChannel> listener;
  private final Class<? extends Channel> connection;

  private ProxyLoop(
      IoHandlerFactory handlers,
      Class<? extends ServerChannel> listener,
      Class<? extends Channel> connection) {
    var threads = new DefaultThreadFactory("halcyon-proxy", true);
    this.group = new MultiThreadIoEventLoopGroup(1, threads, handlers);
    this.open = new DefaultChannelGroup(group.next(), true);
    this.listener = listener;
    this.connection = connection;
  }

  static ProxyLoop start() {
    return Epoll.isAvailable()
        ? new ProxyLoop(
            EpollIoHandler.newFactory(), EpollServerSocketChannel.class, EpollSocketChannel.class)
        : new ProxyLoop(
            NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
  }

  /** What is to be bound; each client's connection is given to {@code arrived} as it comes. */
  ServerBootstrap listening(Consumer<Channel> arrived) {
    return accepting(new ServerBootstrap().group(group), arrived)
        .channel(listener)
        .option(ChannelOption.SO_BACKLOG, 1024)
        .option(ChannelOption.SO_REUSEADDR, true);
  }

  private ServerBootstrap accepting(ServerBootstrap bootstrap, Consumer<Channel> arrived) {
    return bootstrap
        .childOption(ChannelOption.ALLOCATOR, MEMORY)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
        .childHandler(initializer(arrived));
  }

  /**
   * A socket that listens already, by its descriptor. It accepts once its automatic reading is
   * switched on.
   *
   * @throws IllegalStateException if this system has no such sockets
   */
  ServerBootstrap listening(int descriptor, Consumer<Channel> arrived) {
    if (listener != EpollServerSocketChannel.class) {
      throw new IllegalStateException("Only with Linux's epoll is a listening socket taken over");
    }
    return accepting(new ServerBootstrap().group(group), arrived)
        .channelFactory(() -> new EpollServerSocketChannel(descriptor))
        .option(ChannelOption.AUTO_READ, false);
  }

  /** What is to be connected; {@code handlers} gives the connection its handlers. */
  Bootstrap connecting(Consumer<Channel> handlers) {
    return new Bootstrap()
        .group(group)
        .channel(connection)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_LIMIT.toMillis())
        .option(ChannelOption.ALLOCATOR, MEMORY)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
        .handler(initializer(handlers));
  }

  private ChannelInitializer<Channel> initializer(Consumer<Channel> handlers) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        open.add(channel);
        handlers.accept(channel);
      }
    };
  }

  EventLoop thread() {
    return group.next();
  }

  /** Two threads for what would keep the one from moving bytes. */
  Executor workers() {
    return workers;
  }

  /** On the loop, from any other thread. */
  void run(Runnable task) {
    call(
        () -> {
          task.run();
          return true;
        });
  }

  /** On the loop, from any other thread; throws what the task throws. */
  <T> T call(Callable<T> task) {
    var future = thread().submit(task).awaitUninterruptibly();
    if (future.cause() instanceof RuntimeException failure) {
      throw failure;
    }
    if (!future.isSuccess()) {
      throw new IllegalStateException("The proxy has failed", future.cause());
    }
    return future.getNow();
  }

  /** Closes what is open and ends the thread, which by itself may end without closing anything. */
  @Override
  public void close() {
    open.close().awaitUninterruptibly(CLOSE_LIMIT.toMillis());
    workers.close();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
