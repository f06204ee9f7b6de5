namespace Hyper.Actors.Runtime.Events;

/// <summary>What happened. Numbers are written to logs: they are never reused.</summary>
public enum EventKind : ushort
{
    Note = 0,

    RunStart = 1, RunPhase = 2, RunEnd = 3,
    PeerStart = 10, PeerReady = 11, PeerStop = 12, PeerCrash = 13, PeerRestart = 14,
    ActorStart = 20, ActorStop = 21, ActorRestart = 22, ActorFail = 23, ActorUnhandled = 24, ActorDeadLetter = 25, ActorReceive = 26,
    TimerSet = 30, TimerFire = 31, TimerCancel = 32,
    NetSend = 40, NetReceive = 41, NetDrop = 42, NetDuplicate = 43, NetCorrupt = 44, NetReorder = 45, NetQueue = 46,
    NatMap = 50, NatExpire = 51, NatPunch = 52,
    ConnectionOpen = 60, ConnectionHandshake = 61, ConnectionClose = 62,
    StreamOpen = 65, StreamClose = 66,
    RpcRequest = 70, RpcResponse = 71, RpcTimeout = 72, RpcRetry = 73, RpcLate = 74,
    DhtLookupStart = 80, DhtLookupStep = 81, DhtLookupEnd = 82, DhtTableAdd = 83, DhtTableEvict = 84, DhtPing = 85, DhtAnnounce = 86,
    AuctionOpen = 100, AuctionBidSent = 101, AuctionBidSeen = 102, AuctionBidAccepted = 103, AuctionBidRejected = 104,
    AuctionExtend = 105, AuctionClose = 106, AuctionWinner = 107, AuctionFound = 108,
    CoreAppend = 120, CoreHave = 121, CoreRequest = 122, CoreBlock = 123, CoreVerifyOk = 124, CoreVerifyFail = 125,
    CoreFork = 126, CoreTruncate = 127, CoreContiguous = 128,
    DiskWrite = 140, DiskFsync = 141, DiskRename = 142, DiskRead = 143, DiskFault = 144,
    FaultStart = 160, FaultStop = 161, FaultSkip = 162,
    PropertyCheck = 170, PropertyViolated = 171, PropertySometimes = 172,
    MetricSample = 180,
    Choice = 190,
}
