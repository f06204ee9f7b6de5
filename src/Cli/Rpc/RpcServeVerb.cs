using System.CommandLine;
using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Cli.Output;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Rpc;
using Hyper.Actors.Runtime;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.Protomux.Rpc;

namespace AuctionActors.Cli.Rpc;

/// <summary><c>auction rpc serve</c>: answers calls until it is told to stop.</summary>
internal static class RpcServeVerb
{
    private static readonly Option<string?> Seed = new("--seed") { Description = "64 hex digits that the server's key comes from; random when absent" };
    private static readonly Option<string?> Capability = RpcArguments.Capability();
    private static readonly RpcNetwork Network = new();

    public static Command Create()
    {
        Command command = new("serve", "Serve the methods echo and ping. Example: auction rpc serve --bootstrap 127.0.0.1:30001") { Seed, Capability };
        Network.AddTo(command);
        command.SetAction((parsed, interrupted) => Network.RunAsync(parsed, runtime => RunAsync(parsed, runtime, interrupted)));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, RealRuntime runtime, CancellationToken interrupted)
    {
        using StopSignals stop = new(interrupted);
        KeyPair keyPair = RpcArguments.KeyPairOf(parsed.GetValue(Seed)) ?? KeyPair.Generate(SystemEntropy.Instance);
        IActorRef methods = runtime.System.ActorOf(ToolMethodsActor.Props(), "methods");
        HyperswarmRpcOptions options = new()
        {
            KeyPair = keyPair,
            Servers =
            [
                new HyperswarmRpcServer
                {
                    KeyPair = keyPair,
                    Methods = [.. new[] { ToolMethodsActor.Echo, ToolMethodsActor.Ping }.Select(name => new ServedMethod(new RpcMethod(name), methods))],
                    Capability = RpcArguments.CapabilityOf(parsed.GetValue(Capability)),
                },
            ],
            Dht = Network.DhtOf(parsed, DhtPersistence.Adaptive),
        };
        HyperswarmRpcClient server = await Network.JoinAsync(parsed, runtime, options).WaitAsync(stop.Token).ConfigureAwait(false);
        if (!server.IsListed)
            throw SharedOptions.Offline();
        if (Network.IsJson(parsed))
            JsonOutput.WriteLine(new JsonObject { ["publicKey"] = keyPair.PublicKey.ToHex(), ["address"] = server.Address.ToString() });
        else
            Console.WriteLine($"rpc server listening on public key: {keyPair.PublicKey.ToHex()}");
        await stop.WaitAsync().ConfigureAwait(false);
        await server.StopAsync().ConfigureAwait(false);
        return stop.Code;
    }
}
