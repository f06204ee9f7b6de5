using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>What an RPC session is told and what it tells its owner, its callers and its handlers.</summary>
public static class RpcSessionProtocol
{
    /// <summary>An order to the session.</summary>
    public interface ICommand;

    /// <summary>A fact; its sender is the session.</summary>
    public interface IEvent;

    /// <summary>Calls the remote; the sender gets <see cref="Replied"/> or <see cref="Failed"/> with the same number.</summary>
    public sealed record Call(long Request, RpcMethod Method, ReadOnlyMemory<byte> Value, TimeSpan? Timeout) : ICommand;

    /// <summary>Calls the remote several times in one frame; the sender gets <see cref="Outcomes"/>, each for as many calls as end at once.</summary>
    public sealed record Calls(IReadOnlyList<Call> Each) : ICommand;

    /// <summary>Tells the remote something that it does not answer.</summary>
    public sealed record SendEvent(RpcMethod Method, ReadOnlyMemory<byte> Value) : ICommand;

    /// <summary>Answers a call of the remote.</summary>
    public sealed record Answer(long Token, ReadOnlyMemory<byte> Value) : ICommand;

    /// <summary>Answers several calls of the remote in one frame.</summary>
    public sealed record Answers(IReadOnlyList<Answer> Each) : ICommand;

    /// <summary>Answers a call of the remote with what went wrong.</summary>
    public sealed record Refuse(long Token, RpcErrorCause Cause) : ICommand;

    /// <summary>Lets the remote call a method.</summary>
    public sealed record Serve(ServedMethod Method) : ICommand;

    /// <summary>Makes a method unknown again.</summary>
    public sealed record Withdraw(string Method) : ICommand;

    /// <summary>Closes the channel once every call of either side is settled.</summary>
    public sealed record End : ICommand
    {
        public static End Instance { get; } = new();
    }

    /// <summary>Closes the channel at once.</summary>
    public sealed record Destroy : ICommand
    {
        public static Destroy Instance { get; } = new();
    }

    /// <summary>To the owner: both sides have opened the channel, and the remote knows the capability where one is asked for.</summary>
    public sealed record Opened(PublicKey Remote) : IEvent;

    /// <summary>To the owner: the channel is gone and the session stops.</summary>
    public sealed record Closed(PublicKey Remote, string? Reason) : IEvent;

    /// <summary>To the caller: the remote's answer.</summary>
    public sealed record Replied(long Request, ReadOnlyMemory<byte> Value) : IEvent;

    /// <summary>To the caller: the call ended without an answer, or with an error.</summary>
    public sealed record Failed(long Request, RpcError Error) : IEvent;

    /// <summary>To the caller of <see cref="Calls"/>: how some of them ended, each with <see cref="Replied"/> or <see cref="Failed"/>.</summary>
    public sealed record Outcomes(IReadOnlyList<IEvent> Each) : IEvent;

    /// <summary>To the handler of methods that are served in batches: calls that arrived together.</summary>
    public sealed record RequestsReceived(IReadOnlyList<RequestReceived> Each) : IEvent;

    /// <summary>To the method's handler: answer the sender with the token, now or later; an event has token 0 and wants no answer.</summary>
    public sealed record RequestReceived(long Token, PublicKey Remote, string Method, ReadOnlyMemory<byte> Value) : IEvent
    {
        public bool IsEvent => Token == 0;
    }
}
