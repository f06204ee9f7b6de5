using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.HypercoreReplication.Requests;

/// <summary>Lets proofs be checked after those on which they rest, in whichever order a peer answers.</summary>
/// <remarks>Never holds more than there are requests under way.</remarks>
internal sealed class ProofOrder(Action<ReplicationEffect> emit)
{
    private readonly Dictionary<long, List<(OutgoingRequest Request, MerkleProof Proof)>> _waiting = [];
    private readonly HashSet<long> _held = [];

    /// <summary>An answer has come: it is checked now, or when that has come on which it rests.</summary>
    public void Add(OutgoingRequest request, MerkleProof proof, RequestBook book)
    {
        if (request.Via is { } via && (book.IsSent(via.Request) || _held.Contains(via.Request)))
        {
            Hold(request, proof, via.Request);
            return;
        }

        emit(new ReplicationEffect.Verify(request.Id, proof));
        ReleaseAfter(request.Id);
    }

    /// <summary>There will be no answer: what rests on it is checked all the same, and may fit by now.</summary>
    public void GiveUp(OutgoingRequest request) => ReleaseAfter(request.Id);

    public void Clear()
    {
        _waiting.Clear();
        _held.Clear();
    }

    private void Hold(OutgoingRequest request, MerkleProof proof, long via)
    {
        if (!_waiting.TryGetValue(via, out List<(OutgoingRequest Request, MerkleProof Proof)>? answers))
            _waiting.Add(via, answers = []);
        answers.Add((request, proof));
        _held.Add(request.Id);
    }

    private void ReleaseAfter(long id)
    {
        if (_waiting.Count == 0)
            return;
        Queue<long> ended = new([id]);
        while (ended.TryDequeue(out long via))
        {
            if (!_waiting.Remove(via, out List<(OutgoingRequest Request, MerkleProof Proof)>? answers))
                continue;
            foreach ((OutgoingRequest request, MerkleProof proof) in answers)
            {
                _held.Remove(request.Id);
                emit(new ReplicationEffect.Verify(request.Id, proof));
                ended.Enqueue(request.Id);
            }
        }
    }
}
