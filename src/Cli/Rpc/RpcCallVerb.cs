using System.CommandLine;
using System.Text.Json.Nodes;
using AuctionActors.Cli.Output;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Rpc;
using Hyper.Actors.Runtime;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.Protomux.Rpc;

namespace AuctionActors.Cli.Rpc;

/// <summary><c>auction rpc call</c>: one call, or many with their timings.</summary>
internal static class RpcCallVerb
{
    private static readonly Argument<string> Key = new("public-key") { Description = "the server's public key, 64 hex digits" };
    private static readonly Argument<string> Method = new("method") { Description = "name of the method, for example echo" };
    private static readonly Argument<string> Value = new("value") { Description = "argument in hex", DefaultValueFactory = _ => "" };
    private static readonly Option<int> Count = new("--count") { Description = "number of calls", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> Concurrency = new("--concurrency") { Description = "calls under way at once", DefaultValueFactory = _ => 1 };
    private static readonly Option<string?> Capability = RpcArguments.Capability();
    private static readonly RpcNetwork Network = new();

    public static Command Create()
    {
        Command command = new("call", "Call a method by public key. Example: auction rpc call <public key> echo 68656c6c6f") { Key, Method, Value };
        foreach (Option option in (Option[])[Count, Concurrency, Capability])
            command.Options.Add(option);
        Network.AddTo(command);
        command.SetAction((parsed, interrupted) => Network.RunAsync(parsed, runtime => RunAsync(parsed, runtime).WaitAsync(interrupted)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, RealRuntime runtime)
    {
        (int count, int concurrency) = (parsed.GetValue(Count), parsed.GetValue(Concurrency));
        if (count < 1 || concurrency < 1)
            throw CommandException.Usage("--count and --concurrency start at 1");
        PublicKey server = RpcArguments.Key(parsed.GetValue(Key)!);
        RpcLoad load = new(server, new RpcMethod(parsed.GetValue(Method)!), RpcArguments.Hex(parsed.GetValue(Value)!, "value"));
        HyperswarmRpcOptions options = new()
        {
            KeyPair = KeyPair.Generate(SystemEntropy.Instance),
            Clients = new RpcClientsOptions { Capability = RpcArguments.CapabilityOf(parsed.GetValue(Capability)) },
            Dht = Network.DhtOf(parsed, DhtPersistence.Ephemeral),
        };
        HyperswarmRpcClient client = await Network.JoinAsync(parsed, runtime, options).ConfigureAwait(false);
        if (!await client.IsOnlineAsync().ConfigureAwait(false))
            throw SharedOptions.Offline();
        if (await load.RunAsync(client, count, concurrency).ConfigureAwait(false) is { } error)
            throw Explain(server, error);
        HyperDhtProtocol.ConnectionSummary? connection = (await client.Dht.GetConnectionsAsync().ConfigureAwait(false))
            .FirstOrDefault(open => open.Remote == server);
        await client.StopAsync().ConfigureAwait(false);
        Print(load, count, concurrency, connection, Network.IsJson(parsed));
        return ExitCode.Success;
    }

    private static void Print(RpcLoad load, int count, int concurrency, HyperDhtProtocol.ConnectionSummary? connection, bool isJson)
    {
        string value = Convert.ToHexStringLower(load.FirstValue.Span);
        if (!isJson)
        {
            Console.WriteLine(value);
            if (count > 1)
                Console.Error.WriteLine($"{count} calls, {load.PerSecond:0} a second, p50 {load.Percentile(0.5):0.###} ms, p99 {load.Percentile(0.99):0.###} ms");
            return;
        }

        JsonObject result = new() { ["value"] = value, ["firstMs"] = Math.Round(load.FirstMilliseconds, 3) };
        if (connection is not null)
        {
            result["openMs"] = ConnectionText.Milliseconds(connection.OpenedIn);
            result["path"] = ConnectionText.PathOf(connection);
        }

        if (count > 1)
        {
            result["count"] = count;
            result["concurrency"] = concurrency;
            result["perSecond"] = Math.Round(load.PerSecond);
            result["p50Ms"] = Math.Round(load.Percentile(0.5), 3);
            result["p99Ms"] = Math.Round(load.Percentile(0.99), 3);
        }

        JsonOutput.WriteLine(result);
    }

    private static CommandException Explain(PublicKey server, RpcError error) => (error.Code, error.Cause?.Code) switch
    {
        (RpcErrorCode.ChannelClosed, ConnectFailureCodes.PeerNotFound)
            => new CommandException(ExitCode.NotFound, ConnectFailureCodes.PeerNotFound, $"no node of the DHT knows {server.ToHex()}"),
        (RpcErrorCode.ChannelClosed, ConnectFailureCodes.InvalidPublicKey)
            => CommandException.Usage($"'{server.ToHex()}' is no public key of anybody", "the key that the server printed"),
        (RpcErrorCode.ChannelClosed or RpcErrorCode.ChannelDestroyed or RpcErrorCode.TimeoutExceeded, var code)
            => new CommandException(ExitCode.Offline, code ?? error.Code ?? RpcErrorCode.ChannelClosed, error.ToString()),
        _ => new CommandException(ExitCode.Rejected, error.Code ?? RpcErrorCode.RequestError, error.ToString()),
    };
}
