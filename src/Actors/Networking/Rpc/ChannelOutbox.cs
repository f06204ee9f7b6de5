using Akka.Actor;
using Hyper.Actors.Networking.Connections;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>Collects a session's messages: whatever those already in its mailbox lead to leaves in the same frame.</summary>
internal sealed class ChannelOutbox(IActorRef session, IActorRef connection, ChannelKey channel)
{
    private List<ChannelMessage> _messages = [];

    internal void Add(int type, ReadOnlyMemory<byte> payload)
    {
        if (_messages.Count == 0)
            session.Tell(FlushRequested.Instance);
        _messages.Add(new ChannelMessage(type, payload));
    }

    internal void Flush()
    {
        if (_messages.Count == 0)
            return;
        connection.Tell(new ConnectionProtocol.SendMessages(channel, _messages));
        _messages = [];
    }

    /// <summary>What the session tells itself to be reminded of <see cref="Flush"/>.</summary>
    internal sealed record FlushRequested
    {
        public static FlushRequested Instance { get; } = new();
    }
}
