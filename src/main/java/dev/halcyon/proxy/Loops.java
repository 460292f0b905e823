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
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The threads that move all bytes, with Linux's epoll where that is, else with what the JDK has.
 * Clients are given to them in turn, and stay: both directions of a session are on one of them.
 */
final class Loops implements AutoCloseable {
  private static final int READ_BYTES = 65_536;
  private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(65_536, 262_144);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final EventLoopGroup group;
  private final List<ProxyLoop> all = new ArrayList<>();
  private final ByteBufAllocator memory;

  /** All connections; what is added after the end is closed at once. */
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

  private final ExecutorService workers =
      Executors.newFixedThreadPool(2, new DefaultThreadFactory("halcyon-proxy-worker", true));

  private final Class<? extends ServerChannel> listener;
  private final Class<? extends Channel> connection;

  private Loops(
      int threads,
      IoHandlerFactory handlers,
      Class<? extends ServerChannel> listener,
      Class<? extends Channel> connection) {
    var factory = new DefaultThreadFactory("halcyon-proxy", true);
    this.group = new MultiThreadIoEventLoopGroup(threads, factory, handlers);
    this.listener = listener;
    this.connection = connection;
    // An arena for each thread. Netty's own choice of allocator takes memory from the system for
    // each read of this length and gives it back, which costs more than all the rest.
    this.memory = new PooledByteBufAllocator(true, 0, threads, 8192, 6, 0, 0, false);
    group.forEach(thread -> all.add(new ProxyLoop(this, (EventLoop) thread)));
  }

  /**
   * @param threads at least one
   */
  static Loops start(int threads) {
    return Epoll.isAvailable()
        ? new Loops(
            threads,
            EpollIoHandler.newFactory(),
            EpollServerSocketChannel.class,
            EpollSocketChannel.class)
        : new Loops(
            threads,
            NioIoHandler.newFactory(),
            NioServerSocketChannel.class,
            NioSocketChannel.class);
  }

  List<ProxyLoop> all() {
    return List.copyOf(all);
  }

  /** The one that accepts clients, too. */
  ProxyLoop first() {
    return all.getFirst();
  }

  /** Two threads for what would keep the others from moving bytes. */
  Executor workers() {
    return workers;
  }

  /**
   * What is to be bound; each client's connection is given to {@code arrived} as it comes, on the
   * thread that is to be its.
   */
  ServerBootstrap listening(Consumer<Channel> arrived) {
    return accepting(arrived)
        .channel(listener)
        .option(ChannelOption.SO_BACKLOG, 1024)
        .option(ChannelOption.SO_REUSEADDR, true);
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
    return accepting(arrived)
        .channelFactory(() -> new EpollServerSocketChannel(descriptor))
        .option(ChannelOption.AUTO_READ, false);
  }

  private ServerBootstrap accepting(Consumer<Channel> arrived) {
    return new ServerBootstrap()
        .group(first().thread(), group)
        .childOption(ChannelOption.ALLOCATOR, memory)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
        .childHandler(initializer(arrived));
  }

  /** What is to be connected, as far as it is the same for all. */
  Bootstrap connecting(Consumer<Channel> handlers) {
    return new Bootstrap()
        .channel(connection)
        .option(ChannelOption.ALLOCATOR, memory)
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

  /** Closes what is open and ends the threads, which else may end without closing anything. */
  @Override
  public void close() {
    open.close().awaitUninterruptibly(CLOSE_LIMIT.toMillis());
    workers.close();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
