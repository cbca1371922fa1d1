#!/usr/bin/env python3
"""Makes the pictures that Skia cannot write: cmyk.jpg, animated.gif and animated.webp, 32 x 32, red, the animated ones with a blue frame behind. Run beside the file: python3 files.py (Pillow 9.4)."""
from PIL import Image

red, blue = Image.new("RGB", (32, 32), (255, 0, 0)), Image.new("RGB", (32, 32), (0, 0, 255))
red.convert("CMYK").save("cmyk.jpg", quality=90)
red.save("animated.gif", save_all=True, append_images=[blue], duration=100, loop=0)
red.save("animated.webp", save_all=True, append_images=[blue], duration=100, lossless=True)
