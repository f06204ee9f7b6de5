using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Runtime.Udp;

namespace AuctionActors.Actors.Tests.Runtime;

public sealed class NetworkDispatcherTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly RealRuntime _runtime = new("network-dispatcher");

    public void Dispose() => _runtime.Dispose();

    [Fact]
    public async Task Actors_of_the_network_run_on_its_thread_where_there_is_one()
    {
        string name = await Start().Ask<string>("name", Patience);
        Assert.Equal(NetworkDispatcherConfigurator.IsSupported, name == "network");
    }

    [Fact]
    public async Task Actors_of_the_network_hear_every_thread()
    {
        IActorRef[] actors = [.. Enumerable.Range(0, 20).Select(_ => Start())];
        string[][] answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(round =>
            Task.WhenAll(actors.Select(actor => actor.Ask<string>($"{round}", Patience)))));
        Assert.All(answers, round => Assert.Equal(actors.Length, round.Length));
    }

    [Fact]
    public async Task An_actor_that_throws_leaves_the_others_running()
    {
        IActorRef broken = Start();
        broken.Tell(1);
        Assert.NotEmpty(await Start().Ask<string>("name", Patience));
    }

    private IActorRef Start()
    {
        PeerRuntime peer = _runtime.Peer("peer", new MemoryFileStore());
        return _runtime.System.ActorOf(Props.Create(() => new ThreadNameActor()).WithDispatcher(peer.NetworkDispatcher));
    }

    private sealed class ThreadNameActor : UntypedActor
    {
        protected override void OnReceive(object message)
            => Sender.Tell(message is string ? Thread.CurrentThread.Name ?? "pool" : throw new InvalidOperationException("a number"));
    }
}
