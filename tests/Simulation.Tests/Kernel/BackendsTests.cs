using Akka.Actor;
using AuctionActors.Simulation.Kernel;
using AuctionActors.Simulation.Network;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Runtime.Udp;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Tests.Kernel;

public sealed class BackendsTests
{
    private static readonly LinkConditions Rough = new(0.1, 0.05, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(9));

    [Fact]
    public void Two_virtual_runs_of_one_seed_record_the_same_events_and_another_seed_does_not()
    {
        DigestRecorder first = PlayVirtually(7);
        DigestRecorder second = PlayVirtually(7);

        Assert.Equal(first.Lines, second.Lines);
        Assert.NotEqual(first.Digest, PlayVirtually(8).Digest);
        Assert.Contains("net.drop", first.Lines, StringComparison.Ordinal);
        Assert.Contains("pong 100", first.Lines, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_process_records_the_same_events()
        => Assert.StartsWith("2aa833b73f83e23bb422c9bff2eee44ea0bd2004c", PlayVirtually(7).Digest, StringComparison.Ordinal);

    [Fact]
    public async Task Runs_on_several_threads_of_one_process_do_not_disturb_each_other()
    {
        string[] digests = await Task.WhenAll(Enumerable.Range(0, 4)
            .Select(_ => Task.Factory.StartNew(() => PlayVirtually(7).Digest, TaskCreationOptions.LongRunning)));
        Assert.Single(digests.Distinct());
    }

    [Fact]
    public void The_same_actors_play_over_real_sockets_with_shaped_links()
    {
        var shaper = new LinkShaper(7, Rough);
        ActorSystem? system = null;
        var network = new ShapedNetwork(new UdpPorts(), shaper, () => system!.Scheduler, NullEventRecorder.Instance);
        using var runtime = new RealRuntime("echo");
        system = runtime.System;
        using var bound = new CountdownEvent(2);
        using var played = new CountdownEvent(20);
        var addresses = new PeerAddress[2];
        IActorRef[] actors = [.. Enumerable.Range(0, 2).Select(i => system.ActorOf(EchoActor.Props(
            PeerOn(runtime, network, i), PeerAddress.Loopback(0), (address, pongs) => Note(i, address, pongs)), $"peer{i}"))];
        Assert.True(bound.Wait(TimeSpan.FromSeconds(5)));

        actors[0].Tell(new EchoActor.Play(addresses[1]));

        Assert.True(played.Wait(TimeSpan.FromSeconds(20)));

        void Note(int peer, PeerAddress address, int pongs)
        {
            if (pongs == 0)
            {
                addresses[peer] = address;
                bound.Signal();
            }
            else if (!played.IsSet)
            {
                played.Signal();
            }
        }
    }

    [Fact]
    public void A_message_from_a_foreign_thread_fails_the_run_with_its_stack()
    {
        using var kernel = new VirtualKernel("foreign", new VirtualClock());
        IActorRef actor = kernel.System.ActorOf(Props.Create(() => new Silent()), "silent");
        kernel.RunUntil(TimeSpan.FromSeconds(1));

        var foreign = new Thread(() => Record.Exception(() => actor.Tell("hello")));
        foreign.Start();
        foreign.Join();

        var error = Assert.Throws<ForeignThreadException>(() => kernel.RunUntil(TimeSpan.FromSeconds(2)));
        Assert.Contains("Tell", error.Message, StringComparison.Ordinal);
    }

    private static PeerRuntime PeerOn(RealRuntime runtime, ShapedNetwork network, int peer)
        => runtime.Peer($"peer{peer}", new MemoryFileStore(), new SeededEntropy(7, $"peer{peer}")) with
        {
            Ports = network.PortsOf($"peer{peer}"),
        };

    private static DigestRecorder PlayVirtually(ulong seed)
    {
        var clock = new VirtualClock();
        var events = new DigestRecorder(clock);
        int pongs = 0;
        using (var runtime = new VirtualRuntime("echo", seed, new LinkShaper(seed, Rough), clock, events))
        {
            IActorRef[] actors = [.. Enumerable.Range(0, 2).Select(Start)];

            IActorRef Start(int i) => runtime.Kernel.System.ActorOf(
                EchoActor.Props(
                    runtime.Peer($"peer{i}", runtime.CreateFiles($"peer{i}")), PeerAddress.Loopback(3000 + i), (_, n) => pongs = n),
                $"peer{i}");
            actors[0].Tell(new EchoActor.Play(PeerAddress.Loopback(3001)));
            Assert.True(runtime.Kernel.RunUntil(() => pongs == 100, TimeSpan.FromMinutes(1)));
        }

        return events;
    }

    private sealed class Silent : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}
