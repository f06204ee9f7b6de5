using System.CommandLine;
using System.Threading.Channels;
using Akka.Actor;
using AuctionActors.Cli.Output;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Cli.Core;

/// <summary>A peer on the network for the time of a command.</summary>
internal sealed class CoreNetwork
{
    private static readonly Option<string?> s_bootstrap = SharedOptions.Bootstrap();
    private static readonly Option<string?> s_host = SharedOptions.Host();
    private static readonly Option<double> s_timeout = SharedOptions.Timeout();

    private readonly IActorRef _peer;
    private readonly ChannelReader<PeerProtocol.IEvent> _facts;

    private CoreNetwork(IActorRef peer, ChannelReader<PeerProtocol.IEvent> facts, KeyPair keyPair, TimeSpan timeout)
    {
        (_peer, _facts) = (peer, facts);
        (PublicKey, Timeout) = (keyPair.PublicKey, timeout);
    }

    public PublicKey PublicKey { get; }

    public TimeSpan Timeout { get; }

    public static void AddOptions(Command verb)
    {
        foreach (Option option in (Option[])[s_bootstrap, s_host, s_timeout])
            verb.Options.Add(option);
    }

    /// <summary>What the command line says about the network, before anything is opened or sent.</summary>
    public static void Check(ParseResult parsed)
    {
        _ = SharedOptions.ToTimeout(parsed.GetValue(s_timeout));
        _ = SharedOptions.ToBind(parsed.GetValue(s_host));
        _ = BootstrapNodes.Parse(parsed.GetValue(s_bootstrap));
    }

    /// <summary>Joins the DHT; answers when the peer can be reached.</summary>
    /// <param name="system">Its actors.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="isEphemeral">Whether it only asks, so that nobody need remember it.</param>
    /// <param name="interrupted">Ends the waiting.</param>
    public static async Task<CoreNetwork> JoinAsync(
        ActorSystem system, ParseResult parsed, bool isEphemeral, CancellationToken interrupted)
    {
        TimeSpan timeout = SharedOptions.ToTimeout(parsed.GetValue(s_timeout));
        KeyPair keyPair = KeyPair.Generate(SystemEntropy.Instance);
        PeerOptions options = new()
        {
            KeyPair = keyPair,
            Bind = SharedOptions.ToBind(parsed.GetValue(s_host)),
            Bootstrap = BootstrapNodes.Parse(parsed.GetValue(s_bootstrap)),
            IsEphemeral = isEphemeral,
            JoinWithin = timeout,
        };
        Channel<PeerProtocol.IEvent> facts = Channel.CreateUnbounded<PeerProtocol.IEvent>();
        IActorRef peer = system.ActorOf(CorePeerActor.Props(Runtime(), options, facts.Writer), "network");
        CoreNetwork network = new(peer, facts.Reader, keyPair, timeout);
        await network.NextAsync<PeerProtocol.PeerReady>(interrupted).ConfigureAwait(false);
        return network;
    }

    /// <summary>Takes back what was announced and ends the peer.</summary>
    public Task LeaveAsync() => _peer.GracefulStop(Timeout, new PeerProtocol.Leave());

    public void Tell(PeerProtocol.ICommand order) => _peer.Tell(order);

    /// <summary>The next fact of a kind; others are passed over.</summary>
    public async Task<T> NextAsync<T>(CancellationToken interrupted)
        where T : PeerProtocol.IEvent
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        limit.CancelAfter(Timeout);
        try
        {
            while (true)
            {
                switch (await _facts.ReadAsync(limit.Token).ConfigureAwait(false))
                {
                    case T wanted:
                        return wanted;
                    case PeerProtocol.PeerFailed failed:
                        throw new CommandException(ExitCode.Offline, failed.Code, failed.Reason, "--bootstrap host:port");
                }
            }
        }
        catch (OperationCanceledException) when (!interrupted.IsCancellationRequested)
        {
            throw SharedOptions.TimedOut(Timeout);
        }
    }

    private static PeerRuntime Runtime() => new(
        "tool", SystemClock.Instance, SystemEntropy.Instance, new Hyper.Actors.Runtime.Udp.UdpPorts(), new MemoryFileStore(),
        Hyper.Actors.Runtime.Events.NullEventRecorder.Instance);
}
