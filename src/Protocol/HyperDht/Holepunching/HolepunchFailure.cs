namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>Why a holepunch of a client came to nothing.</summary>
internal enum HolepunchFailure
{
    /// <summary>No probe arrived, or one of the two sides gave up.</summary>
    Aborted,

    /// <summary>One side did not find out about its NAT.</summary>
    ProbeTimeout,

    /// <summary>Both NATs give every destination another port.</summary>
    DoubleRandomizedNats,
}
