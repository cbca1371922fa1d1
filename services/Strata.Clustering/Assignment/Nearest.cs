namespace Strata.Clustering.Assignment;

/// <summary>The three layers nearest to a point, by index in the set (−1: there are not as many), with their cosines.</summary>
/// <param name="First">Nearest layer.</param>
/// <param name="FirstCosine">Its cosine.</param>
/// <param name="Second">Second nearest.</param>
/// <param name="SecondCosine">Its cosine.</param>
/// <param name="Third">Third nearest.</param>
/// <param name="ThirdCosine">Its cosine.</param>
public readonly record struct Nearest(int First, float FirstCosine, int Second, float SecondCosine, int Third, float ThirdCosine)
{
    /// <summary>d1²: squared distance to the nearest centroid, 2 − 2·cos.</summary>
    public float Error => Math.Max(0, 2 - (2 * FirstCosine));

    /// <summary>d2² − d1²: how much farther the second nearest is; 0 with a single layer.</summary>
    public float Need => Second < 0 ? 0 : 2 * (FirstCosine - SecondCosine);
}
