namespace Hyper.Protocol.Protomux;

/// <summary>Decides which opens of the remote wait for an answer of this side, and how the others are answered.</summary>
internal sealed class ParkedOpens(RemoteChannels remote, PairingTable pairings, MuxOutput output, Queue<ProtomuxEffect> effects)
{
    private readonly HashSet<ChannelName> _listened = [];

    internal void Listen(ChannelName name) => _listened.Add(name);

    internal void Unlisten(ChannelName name) => _listened.Remove(name);

    internal void Park(Pairing pairing, ControlMessage open, int length)
    {
        int id = (int)open.Id;
        if (!IsListened(open.Name) || !remote.TryPark(id, pairing, open.Handshake, length))
        {
            output.Reject(id);
            pairings.RemoveIfIdle(pairing);
            return;
        }

        pairing.Incoming.Add(id);
        effects.Enqueue(new ProtomuxEffect.PairRequested(open.Name.Protocol, open.Name.Id));
    }

    /// <summary>Rejects every open that waits under a name.</summary>
    internal void Decline(ChannelName name)
    {
        Pairing? pairing = pairings.Find(name);
        while (pairing is { Incoming.Count: > 0 })
            Drop(pairing.Incoming[0], pairing);
    }

    internal void DeclineUnlistened()
    {
        foreach (int id in remote.ParkedIds())
        {
            Pairing pairing = remote.Find((ulong)id)!.ParkedIn!;
            if (!pairing.Names.Exists(IsListened))
                Drop(id, pairing);
        }
    }

    /// <summary>Rejects one open.</summary>
    internal void Drop(int remoteId, Pairing pairing)
    {
        pairing.Incoming.Remove(remoteId);
        remote.Unpark(remoteId);
        output.Reject(remoteId);
        pairings.RemoveIfIdle(pairing);
    }

    private bool IsListened(ChannelName name) => _listened.Contains(name) || _listened.Contains(name with { Id = default });
}
