using System.Text.Json;
using System.Text.Json.Nodes;
using Akka.Actor;
using Hyper.Actors.Networking.Rpc;
using Hyper.Protocol.Protomux.Rpc;

namespace AuctionActors.Cli.Rpc;

/// <summary>The methods of <c>auction rpc serve</c>: <c>echo</c> gives its value back, <c>ping</c> counts a JSON nonce up.</summary>
internal sealed class ToolMethodsActor : UntypedActor
{
    public const string Echo = "echo";
    public const string Ping = "ping";

    public static Props Props() => Akka.Actor.Props.Create(() => new ToolMethodsActor());

    protected override void OnReceive(object message)
    {
        if (message is not RpcSessionProtocol.RequestReceived { IsEvent: false } request)
            return;
        if (request.Method == Echo)
            Sender.Tell(new RpcSessionProtocol.Answer(request.Token, request.Value));
        else if (TryCountUp(request.Value, out byte[] pong))
            Sender.Tell(new RpcSessionProtocol.Answer(request.Token, pong));
        else
            Sender.Tell(new RpcSessionProtocol.Refuse(request.Token, new RpcErrorCause("ping takes JSON such as {\"nonce\":1}", "INVALID_PING")));
    }

    private static bool TryCountUp(ReadOnlyMemory<byte> value, out byte[] pong)
    {
        pong = [];
        try
        {
            if (JsonNode.Parse(value.Span) is JsonObject ping && ping["nonce"] is JsonValue nonce && nonce.TryGetValue(out double number))
                pong = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["nonce"] = number + 1 });
            return pong.Length > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
