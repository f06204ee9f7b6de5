using System.Collections.Immutable;
using System.CommandLine;
using Akka.Actor;
using AuctionActors.Cli.Output;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Rpc;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Runtime.Udp;
using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Cli.Rpc;

/// <summary>What the command line says about the network of an RPC verb.</summary>
internal sealed class RpcNetwork
{
    private readonly Option<string?> _bootstrap = SharedOptions.Bootstrap();
    private readonly Option<string?> _host = SharedOptions.Host();
    private readonly Option<double> _timeout = SharedOptions.Timeout();
    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly Option<string?> _relayThrough = RelayOption.Create();

    public void AddTo(Command verb)
    {
        foreach (Option option in (Option[])[_bootstrap, _host, _relayThrough, _timeout, _json])
            verb.Options.Add(option);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public TimeSpan TimeoutOf(ParseResult parsed) => SharedOptions.ToTimeout(parsed.GetValue(_timeout));

    public HyperDhtOptions DhtOf(ParseResult parsed, DhtPersistence persistence)
        => new() { Node = NodeOf(parsed, persistence), RelayThrough = RelayOption.Parse(parsed.GetValue(_relayThrough)) };

    private DhtNodeActorOptions NodeOf(ParseResult parsed, DhtPersistence persistence)
    {
        ImmutableArray<BootstrapNode> bootstrap = BootstrapNodes.Parse(parsed.GetValue(_bootstrap));
        bool isLocal = IsLocal(parsed);
        return new DhtNodeActorOptions
        {
            Bind = SharedOptions.ToBind(parsed.GetValue(_host)),
            Node = new DhtNodeOptions
            {
                BootstrapNodes = bootstrap,
                Persistence = persistence,
                // On one machine nothing stands between the peers.
                IsFirewalled = !isLocal,
                HasQuickFirewallCheck = !isLocal,
            },
        };
    }

    // A diagnostic tool's datagrams shall look on the way as they arrive, which costs nothing at the few calls that it makes.
    private bool IsLocal(ParseResult parsed) => BootstrapNodes.Parse(parsed.GetValue(_bootstrap)).All(address => address.IsLoopback);

    public Task<HyperswarmRpcClient> JoinAsync(ParseResult parsed, RealRuntime runtime, HyperswarmRpcOptions options)
    {
        PeerRuntime peer = runtime.Peer("rpc", new MemoryFileStore());
        return HyperswarmRpcClient.StartAsync(runtime.System, peer, options, TimeoutOf(parsed));
    }

    /// <summary>Runs a verb and says in one line when nobody answers.</summary>
    public async Task<int> RunAsync(ParseResult parsed, Func<RealRuntime, Task<int>> verb)
    {
        using RealRuntime runtime = new("rpc", ports: new UdpPorts(new UdpOptions { UsesSegmentation = IsLocal(parsed) }));
        try
        {
            return await verb(runtime).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is TimeoutException or AskTimeoutException)
        {
            throw SharedOptions.TimedOut(TimeoutOf(parsed));
        }
    }
}
