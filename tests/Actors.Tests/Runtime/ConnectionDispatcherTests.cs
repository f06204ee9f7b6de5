using System.Diagnostics;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Runtime.Udp;

namespace AuctionActors.Actors.Tests.Runtime;

public sealed class ConnectionDispatcherTests : IDisposable
{
    private const string Network = "network";
    private static readonly TimeSpan NoTime = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly RealRuntime _runtime = new("connection-dispatcher");
    private readonly PeerRuntime _peer;
    private readonly IActorRef _last;

    public ConnectionDispatcherTests()
    {
        _peer = _runtime.Peer("peer", new MemoryFileStore());
        _last = Start(_peer.ConnectionDispatcher);
    }

    public void Dispose() => _runtime.Dispose();

    [Fact]
    public async Task A_connections_actor_runs_on_the_thread_of_the_network_where_its_message_comes_from_there()
    {
        // The thread may be busy with the nodes of other tests, and then leaves the work to the pool.
        IActorRef network = Start(_peer.NetworkDispatcher, _last);
        HashSet<string> threads = [];
        for (int round = 0; round < 500 && !threads.Contains(Network); round++)
            threads.Add(await network.Ask<string>(NoTime, Patience));
        Assert.Equal(NetworkDispatcherConfigurator.IsSupported, threads.Contains(Network));
    }

    [Fact]
    public void A_thread_of_the_network_that_is_busy_leaves_a_connections_actor_to_the_pool_while_more_waits()
    {
        using Inbox inbox = Inbox.Create(_runtime.System);
        inbox.Send(Start(_peer.NetworkDispatcher, Start(_peer.NetworkDispatcher), _last), TimeSpan.FromMilliseconds(2));
        string[] threads = [(string)inbox.Receive(Patience), (string)inbox.Receive(Patience)];
        Assert.Contains(threads, thread => thread != Network);
    }

    [Fact]
    public async Task A_thread_of_the_network_that_is_busy_with_one_chain_of_steps_goes_on_with_it()
    {
        if (!NetworkDispatcherConfigurator.IsSupported)
            return;
        IActorRef network = Start(_peer.NetworkDispatcher, _last);
        HashSet<string> threads = [];
        for (int round = 0; round < 500 && !threads.Contains(Network); round++)
            threads.Add(await network.Ask<string>(TimeSpan.FromMicroseconds(500), Patience));
        Assert.Contains(Network, threads);
    }

    [Fact]
    public void What_a_timer_tells_a_connections_actor_runs_on_the_thread_of_the_network()
    {
        using Inbox inbox = Inbox.Create(_runtime.System);
        HashSet<string> threads = [];
        for (int round = 0; round < 500 && !threads.Contains(Network); round++)
        {
            _runtime.System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(1), _last, NoTime, inbox.Receiver);
            threads.Add((string)inbox.Receive(Patience));
        }

        Assert.Equal(NetworkDispatcherConfigurator.IsSupported, threads.Contains(Network));
    }

    [Fact]
    public async Task Messages_from_the_pool_do_not_cost_the_network_its_thread()
        => Assert.NotEqual(Network, await _last.Ask<string>(NoTime, Patience));

    [Fact]
    public async Task Whatever_thread_runs_them_actors_get_all_their_messages()
    {
        IActorRef[] chains = [.. Enumerable.Range(0, 20).Select(number => Start(
            number % 2 == 0 ? _peer.NetworkDispatcher : _peer.ConnectionDispatcher, Start(_peer.ConnectionDispatcher, _last)))];
        string[][] answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(round =>
            Task.WhenAll(chains.Select(chain => chain.Ask<string>(TimeSpan.FromMicroseconds(1 + (round % 7)), Patience)))));
        Assert.All(answers, round => Assert.Equal(chains.Length, round.Length));
    }

    private IActorRef Start(string dispatcher, params IActorRef[] next)
        => _runtime.System.ActorOf(Props.Create(() => new LinkActor(next)).WithDispatcher(dispatcher));

    /// <summary>Is busy for a while, then passes the question on; the last of the chain answers with its thread's name.</summary>
    private sealed class LinkActor(IActorRef[] next) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            long began = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(began) < (TimeSpan)message)
                Thread.SpinWait(1);
            foreach (IActorRef one in next)
                one.Forward(NoTime);
            if (next.Length == 0)
                Sender.Tell(Thread.CurrentThread.Name ?? "pool");
        }
    }
}
