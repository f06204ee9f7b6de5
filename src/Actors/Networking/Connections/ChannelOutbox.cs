using Akka.Actor;

namespace Hyper.Actors.Networking.Connections;

/// <summary>Collects the messages of a channel's owner: whatever those already in its mailbox lead to leaves in the same frame.</summary>
public sealed class ChannelOutbox(IActorRef owner, IActorRef connection, ChannelKey channel)
{
    private List<ChannelMessage> _messages = [];

    public void Add(int type, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte> tail = default)
    {
        if (_messages.Count == 0)
            owner.Tell(FlushRequested.Instance);
        _messages.Add(new ChannelMessage(type, payload, tail));
    }

    public void Flush()
    {
        if (_messages.Count == 0)
            return;
        connection.Tell(new ConnectionProtocol.SendMessages(channel, _messages));
        _messages = [];
    }

    /// <summary>What the owner tells itself to be reminded of <see cref="Flush"/>.</summary>
    public sealed record FlushRequested
    {
        public static FlushRequested Instance { get; } = new();
    }
}
