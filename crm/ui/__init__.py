"""What screens share: words, figures, session, components, charts; a folder per screen. With pages/ and web/ all that know Streamlit."""
