using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;

namespace AuctionActors.Cli.Bootstrap;

/// <summary><c>auction bootstrap</c>: the node that a network of its own begins with.</summary>
internal static class BootstrapVerb
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        Option<string?> host = new("--host") { Description = "address that others dial; the node's id follows from it" };
        Option<ushort> port = new("--port") { Description = "UDP port", DefaultValueFactory = _ => DhtNodeOptions.DefaultPort };
        Option<bool> json = SharedOptions.Json();
        const string Example = "auction bootstrap --host 127.0.0.1 --port 30001";
        Command bootstrap = new("bootstrap", "Run the bootstrap node of a network. Example: " + Example) { host, port, json };
        bootstrap.SetAction((parsed, interrupted) =>
        {
            PeerAddress address = Address(parsed.GetValue(host), parsed.GetValue(port));
            return RunAsync(address, parsed.GetValue(json), interrupted);
        });
        return bootstrap;
    }

    private static PeerAddress Address(string? host, ushort port)
    {
        if (host is null)
            throw CommandException.Usage("the address that others dial is missing", "--host 127.0.0.1");
        if (!PeerAddress.TryParseHost(host, port, out PeerAddress address) || address.Host == 0)
            throw CommandException.Usage($"'{host}' is no address that others can dial", "an IPv4 address such as 127.0.0.1");
        return port != 0 ? address : throw CommandException.Usage("a bootstrap node needs a port of its own", "1 to 65535");
    }

    private static async Task<int> RunAsync(PeerAddress address, bool json, CancellationToken interrupted)
    {
        using StopSignals stop = new(interrupted);
        Say(json, "Starting DHT bootstrap node...");
        using RealRuntime runtime = new("bootstrap");
        DhtNodeClient node = await StartAsync(runtime, address).ConfigureAwait(false);
        if (json)
            JsonOutput.WriteLine(Ready(address, node.Address));
        Say(json, $"Bootstrap node bound to {{ host: '{node.Address.HostText}', family: 4, port: {node.Address.Port} }}");
        Say(json, "Fully started Hyperswarm DHT bootstrap node");
        await stop.WaitAsync().ConfigureAwait(false);
        await node.StopAsync().ConfigureAwait(false);
        Say(json, "Bootstrap node closed");
        return ExitCode.Success;
    }

    private static async Task<DhtNodeClient> StartAsync(RealRuntime runtime, PeerAddress address)
    {
        PeerRuntime peer = runtime.Peer("bootstrap", new MemoryFileStore());
        HyperDhtOptions options = new() { Node = DhtNodeActorOptions.Bootstrapper(address) };
        try
        {
            return (await HyperDhtClient.StartAsync(runtime.System, peer, options, StartTimeout).ConfigureAwait(false)).Node;
        }
        catch (PortInUseException)
        {
            string message = $"UDP port {address.Port} is already in use";
            throw new CommandException(ExitCode.Usage, "PORT_IN_USE", message, "choose another with --port");
        }
    }

    private static JsonObject Ready(PeerAddress address, PeerAddress bound)
        => new()
        {
            ["event"] = "ready",
            ["address"] = address.ToString(),
            ["bound"] = bound.ToString(),
            ["id"] = NodeId.Of(address).ToString(),
        };

    private static void Say(bool json, string line)
    {
        if (!json)
            Console.Out.WriteLine(line);
    }
}
