using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.Protomux.Rpc;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>Records the calls of one session under names that both sides derive alike.</summary>
internal sealed class RpcRecorder(IEventRecorder events, NoiseResult session)
{
    private readonly string _connection = Convert.ToHexStringLower(session.HandshakeHash.AsSpan(0, 8));

    internal void Called(ulong id, string method, int size)
    {
        if (events.Records(EventKind.RpcRequest))
            Record(EventKind.RpcRequest, id, session.IsInitiator, method, size, $"call {method} of {session.RemotePublicKey.ToShort()}");
    }

    internal void Answered(ulong id, int size)
    {
        if (events.Records(EventKind.RpcResponse))
            Record(EventKind.RpcResponse, id, session.IsInitiator, null, size, $"answer from {session.RemotePublicKey.ToShort()}");
    }

    internal void Failed(ulong id, RpcError error)
    {
        EventKind kind = error.Code == RpcErrorCode.TimeoutExceeded ? EventKind.RpcTimeout : EventKind.RpcResponse;
        if (events.Records(kind))
            Record(kind, id, session.IsInitiator, null, 0, error.ToString());
    }

    internal void Received(ulong id, string method, int size)
    {
        if (events.Records(EventKind.RpcRequest))
            Record(EventKind.RpcRequest, id, !session.IsInitiator, method, size, $"{session.RemotePublicKey.ToShort()} calls {method}");
    }

    private void Record(EventKind kind, ulong id, bool byInitiator, string? method, int size, string text)
        => events.Record(new EventEntry(kind)
        {
            Type = method,
            Size = size,
            Text = text,
            Correlations = [new Correlation("conn", _connection), new Correlation("rpc", $"{_connection}-{(byInitiator ? 'i' : 'r')}{id}")],
        });
}
