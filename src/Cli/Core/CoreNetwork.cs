using System.CommandLine;
using System.Threading.Channels;
using Akka.Actor;
using AuctionActors.Cli.Output;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.CompactEncoding;
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

    /// <summary>Joins the DHT; answers when the peer can be reached.</summary>
    public static async Task<CoreNetwork> JoinAsync(ActorSystem system, ParseResult parsed, CancellationToken interrupted)
    {
        if (parsed.GetValue(s_timeout) is not (> 0 and <= 86400))
            throw CommandException.Usage("--timeout is out of range", "seconds, more than 0");
        string host = parsed.GetValue(s_host) ?? "0.0.0.0";
        if (!PeerAddress.TryParseHost(host, 0, out PeerAddress bind))
            throw CommandException.Usage($"'{host}' is no address to bind to", "an IPv4 address such as 127.0.0.1");
        TimeSpan timeout = TimeSpan.FromSeconds(parsed.GetValue(s_timeout));
        KeyPair keyPair = KeyPair.Generate(SystemEntropy.Instance);
        PeerOptions options = new()
        {
            KeyPair = keyPair,
            Bind = bind,
            Bootstrap = BootstrapNodes.Parse(parsed.GetValue(s_bootstrap)),
            JoinWithin = timeout,
        };
        Channel<PeerProtocol.IEvent> facts = Channel.CreateUnbounded<PeerProtocol.IEvent>();
        IActorRef peer = system.ActorOf(CorePeerActor.Props(Runtime(), options, facts.Writer), "network");
        CoreNetwork network = new(peer, facts.Reader, keyPair, timeout);
        await network.NextAsync<PeerProtocol.PeerReady>(interrupted).ConfigureAwait(false);
        return network;
    }

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
            throw TimedOut(Timeout);
        }
    }

    public static CommandException TimedOut(TimeSpan timeout)
        => new(ExitCode.Offline, "TIMED_OUT", $"there was no answer within {timeout.TotalSeconds:0.###} s");

    private static PeerRuntime Runtime() => new(
        "tool", SystemClock.Instance, SystemEntropy.Instance, new Hyper.Actors.Runtime.Udp.UdpPorts(), new MemoryFileStore(),
        Hyper.Actors.Runtime.Events.NullEventRecorder.Instance);
}
