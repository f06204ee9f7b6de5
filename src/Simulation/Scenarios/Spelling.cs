namespace AuctionActors.Simulation.Scenarios;

/// <summary>Finds the word that was probably meant.</summary>
public static class Spelling
{
    /// <summary>The choice with the fewest edits, if that is at most a third of the longer word.</summary>
    public static string? Nearest(string word, IEnumerable<string> choices)
    {
        string? best = null;
        int fewest = int.MaxValue;
        foreach (string choice in choices)
        {
            int edits = Edits(word, choice);
            if (edits < fewest && edits * 3 <= Math.Max(word.Length, choice.Length) + 2)
                (best, fewest) = (choice, edits);
        }

        return best;
    }

    private static int Edits(string left, string right)
    {
        int[] previous = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int[] current = new int[right.Length + 1];
            current[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
