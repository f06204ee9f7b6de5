using Akka.Actor;
using Hyper.Protocol.Protomux;

namespace Hyper.Actors.Networking.Connections;

/// <summary>Which actor uses which channel of a connection, and who listens for which protocol.</summary>
internal sealed class ConnectionChannels(ProtomuxMachine mux)
{
    // An empty id is the same as none, as it is on the wire.
    private const string Any = "";
    private readonly Dictionary<ChannelKey, int> _handles = [];
    private readonly Dictionary<int, ChannelKey> _keys = [];
    private readonly Dictionary<(string Protocol, string Id), IActorRef> _listeners = [];

    public bool TryOpen(ChannelKey key, ChannelRequest request)
    {
        if (_handles.ContainsKey(key) || !mux.TryOpenChannel(request, out int handle))
            return false;
        _handles.Add(key, handle);
        _keys.Add(handle, key);
        return true;
    }

    /// <summary>Tells the owner of a channel that opens while writing is paused what the others were told when that began.</summary>
    public void TellPaused(ChannelKey opened)
    {
        if (!_handles.Keys.Any(key => key != opened && key.Owner.Equals(opened.Owner)))
            opened.Owner.Tell(ConnectionProtocol.WritingPaused.Instance);
    }

    public void Send(ChannelKey key, IReadOnlyList<ChannelMessage> messages)
    {
        if (!_handles.TryGetValue(key, out int handle))
            return;
        if (messages.Count > 1)
            mux.Cork();
        foreach (ChannelMessage message in messages)
            mux.Send(handle, message.Type, message.Payload.Span, message.Tail.Span);
        if (messages.Count > 1)
            mux.Uncork();
    }

    public void Close(ChannelKey key)
    {
        if (_handles.TryGetValue(key, out int handle))
            mux.Close(handle);
    }

    /// <summary>Closes an actor's channels; what only it listened for is rejected from here on.</summary>
    public void CloseAllOf(IActorRef owner)
    {
        foreach (ChannelKey key in _handles.Keys.Where(key => key.Owner.Equals(owner)).ToArray())
            Close(key);
        foreach (var name in _listeners.Where(listener => listener.Value.Equals(owner)).Select(listener => listener.Key).ToArray())
        {
            _listeners.Remove(name);
            mux.Unlisten(name.Protocol, Convert.FromHexString(name.Id));
        }

        mux.DeclineUnlistened();
    }

    public void Listen(string protocol, ReadOnlyMemory<byte>? id, IActorRef owner)
    {
        _listeners[(protocol, id is null ? Any : NameOf(id.Value))] = owner;
        mux.Listen(protocol, id);
    }

    /// <summary>Tells the actor that an effect concerns.</summary>
    public void Deliver(ConnectionEffect effect)
    {
        switch (effect)
        {
            case ConnectionEffect.ChannelOpened opened when _keys.TryGetValue(opened.Channel, out ChannelKey? key):
                key.Owner.Tell(new ConnectionProtocol.ChannelOpened(key, opened.Handshake));
                break;
            case ConnectionEffect.ChannelMessages received when _keys.TryGetValue(received.Channel, out ChannelKey? key):
                key.Owner.Tell(new ConnectionProtocol.ChannelMessages(key, received.Messages));
                break;
            case ConnectionEffect.ChannelClosed closed when _keys.Remove(closed.Channel, out ChannelKey? key):
                _handles.Remove(key);
                key.Owner.Tell(new ConnectionProtocol.ChannelClosed(key, closed.IsRemote, closed.IsRejected, closed.ConnectionEnd));
                break;
            case ConnectionEffect.PairRequested requested:
                ListenerOf(requested.Protocol, requested.Id)?.Tell(
                    new ConnectionProtocol.PairRequested(requested.Protocol, requested.Id));
                break;
            case ConnectionEffect.WritingPaused:
                TellOwners(ConnectionProtocol.WritingPaused.Instance);
                break;
            case ConnectionEffect.WritingResumed:
                TellOwners(ConnectionProtocol.WritingResumed.Instance);
                break;
        }
    }

    private void TellOwners(ConnectionProtocol.IEvent message)
    {
        foreach (IActorRef owner in _keys.Values.Select(key => key.Owner).Distinct())
            owner.Tell(message);
    }

    private IActorRef? ListenerOf(string protocol, ReadOnlyMemory<byte> id)
        => _listeners.TryGetValue((protocol, NameOf(id)), out IActorRef? exact) || _listeners.TryGetValue((protocol, Any), out exact)
            ? exact
            : null;

    private static string NameOf(ReadOnlyMemory<byte> id) => Convert.ToHexStringLower(id.Span);
}
