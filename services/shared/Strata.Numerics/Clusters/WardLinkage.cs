using System.Numerics.Tensors;

namespace Strata.Numerics.Clusters;

/// <summary>A step of a linkage: two clusters become one. Numbers as SciPy gives them: below n the rows, n + i what step i made.</summary>
/// <param name="First">The cluster with the lower number.</param>
/// <param name="Second">The other.</param>
/// <param name="Height">Ward's distance of the two, √(2·|A|·|B| / (|A| + |B|)) · ‖mean A − mean B‖: for two rows their distance.</param>
/// <param name="Size">Rows in what they make.</param>
public readonly record struct LinkageStep(int First, int Second, double Height, int Size);

/// <summary>
/// Ward's agglomerative clustering (Ward 1963) of rows by Euclidean distance, by chains of nearest neighbours (Murtagh 1983): n² distances
/// in all and no matrix, as Ward's distance follows from means and sizes. The same steps as SciPy's <c>linkage(rows, "ward")</c>.
/// </summary>
public sealed class WardLinkage
{
    private readonly int _rows;

    private WardLinkage(int rows, LinkageStep[] steps) => (_rows, Steps) = (rows, steps);

    /// <summary>The n − 1 steps, lowest first.</summary>
    public IReadOnlyList<LinkageStep> Steps { get; }

    /// <summary>Links the rows of <paramref name="points"/>, row-major.</summary>
    /// <exception cref="ArgumentException">The points are no whole number of rows.</exception>
    public static WardLinkage Of(ReadOnlySpan<float> points, int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        if (points.Length % dimensions != 0)
        {
            throw new ArgumentException($"{points.Length} numbers are no rows of {dimensions}", nameof(points));
        }

        var rows = points.Length / dimensions;
        var means = new double[points.Length];
        TensorPrimitives.ConvertTruncating(points, means.AsSpan());
        var sizes = new int[rows];
        Array.Fill(sizes, 1);
        var found = new List<(int First, int Second, double Height)>(Math.Max(0, rows - 1));
        var chain = new Stack<int>();
        var first = 0;
        while (found.Count < rows - 1)
        {
            if (chain.Count == 0)
            {
                first = Array.FindIndex(sizes, first, size => size > 0);
                chain.Push(first);
            }

            var end = chain.Pop();
            var before = chain.Count > 0 ? chain.Peek() : -1;
            var (nearest, distance) = Nearest(means, dimensions, sizes, end, before);
            if (nearest != before)
            {
                chain.Push(end);
                chain.Push(nearest);
                continue;
            }

            // Each is the other's nearest: one cluster, which takes the higher place. The chain below it stays valid, as Ward's distance is
            // reducible.
            chain.Pop();
            var (low, high) = (Math.Min(end, before), Math.Max(end, before));
            Merge(means, dimensions, sizes, low, high);
            found.Add((low, high, Math.Sqrt(distance)));
        }

        return new WardLinkage(rows, InOrder(found, rows));
    }

    /// <summary>
    /// Cluster of each row when <paramref name="clusters"/> are left (all rows when there are fewer). Numbered from 0 by their first rows.
    /// </summary>
    public int[] Cut(int clusters) => Label(Math.Max(0, _rows - Math.Max(1, clusters)));

    /// <summary>
    /// Cluster of each row when every step not higher than <paramref name="height"/> is taken. Numbered from 0 by their first rows.
    /// </summary>
    public int[] CutAt(double height) => Label(Steps.TakeWhile(step => step.Height <= height).Count());

    private int[] Label(int steps)
    {
        var parents = Enumerable.Range(0, _rows + steps).ToArray();
        for (var i = 0; i < steps; i++)
        {
            parents[Steps[i].First] = parents[Steps[i].Second] = _rows + i;
        }

        var labels = new int[_rows];
        var numbers = new Dictionary<int, int>();
        for (var row = 0; row < labels.Length; row++)
        {
            var root = row;
            while (parents[root] != root)
            {
                root = parents[root];
            }

            labels[row] = numbers.TryGetValue(root, out var number) ? number : numbers[root] = numbers.Count;
        }

        return labels;
    }

    // Ties go to the cluster before in the chain, so that chains end, and then to the lower place.
    private static (int Cluster, double Squared) Nearest(double[] means, int dimensions, int[] sizes, int of, int before)
    {
        var (nearest, least) = before < 0 ? (-1, double.PositiveInfinity) : (before, Squared(means, dimensions, sizes, of, before));
        for (var other = 0; other < sizes.Length; other++)
        {
            if (other != of && sizes[other] > 0 && Squared(means, dimensions, sizes, of, other) is var squared && squared < least)
            {
                (nearest, least) = (other, squared);
            }
        }

        return (nearest, least);
    }

    private static double Squared(double[] means, int dimensions, int[] sizes, int a, int b)
    {
        var distance = TensorPrimitives.Distance(means.AsSpan(a * dimensions, dimensions), means.AsSpan(b * dimensions, dimensions));
        return 2.0 * sizes[a] * sizes[b] / (sizes[a] + sizes[b]) * distance * distance;
    }

    private static void Merge(double[] means, int dimensions, int[] sizes, int gone, int stays)
    {
        var share = (double)sizes[gone] / (sizes[gone] + sizes[stays]);
        var mean = means.AsSpan(stays * dimensions, dimensions);
        TensorPrimitives.Multiply(mean, 1 - share, mean);
        TensorPrimitives.MultiplyAdd(means.AsSpan(gone * dimensions, dimensions), share, mean, mean);
        sizes[stays] += sizes[gone];
        sizes[gone] = 0;
    }

    private static LinkageStep[] InOrder(List<(int First, int Second, double Height)> found, int rows)
    {
        // A place stands for the newest cluster of the rows that met in it.
        var roots = Enumerable.Range(0, rows).ToArray();
        var sizes = new int[(2 * rows) - Math.Min(rows, 1)];
        Array.Fill(sizes, 1, 0, rows);
        var current = Enumerable.Range(0, sizes.Length).ToArray();
        var steps = new List<LinkageStep>(found.Count);
        foreach (var (first, second, height) in found.OrderBy(step => step.Height))
        {
            var (a, b) = (Root(current, roots[first]), Root(current, roots[second]));
            var made = rows + steps.Count;
            sizes[made] = sizes[a] + sizes[b];
            current[a] = current[b] = made;
            steps.Add(new LinkageStep(Math.Min(a, b), Math.Max(a, b), height, sizes[made]));
        }

        return [.. steps];
    }

    private static int Root(int[] current, int cluster)
    {
        while (current[cluster] != cluster)
        {
            cluster = current[cluster] = current[current[cluster]];
        }

        return cluster;
    }
}
